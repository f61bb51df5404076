// Fetches a model into the cache that other programs share; with download: false it would only say licence and size.
#@ CommandService commands
#@ String(label = "Repository, such as org/name") repository
#@ String(label = "Server", value = "https://huggingface.co") server
#@output String result

import sc.fiji.diffedit.fiji.commands.DownloadModel

def done = commands.run(DownloadModel, true, "repository", repository, "server", server, "download", true).get()
if (done.isCanceled()) throw new RuntimeException(done.getCancelReason())
result = done.getOutput("result")
