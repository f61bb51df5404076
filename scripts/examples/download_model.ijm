// Fetches a model into the cache that other programs share; without 'download' the command only says licence and size.
// The macro's argument is the repository, and behind a blank the server, if that is not huggingface.co.
asked = split(getArgument(), " ");
if (asked.length == 0) exit("Give the name of a repository, such as org/name.");
server = "";
if (asked.length > 1) server = asked[1];
run("Download Model...", "repository=" + asked[0] + " download server=[" + server + "]");
