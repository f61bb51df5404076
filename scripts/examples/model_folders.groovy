// Sets where models are looked for by name, and says what is there.
#@ CommandService commands
#@ String(label = "Folders, such as those of A1111 or ComfyUI") folders
#@ String(label = "Cache for downloads; empty for the shared one", required = false) cache
#@output String report

import sc.fiji.diffedit.fiji.commands.ModelFolders

def done = commands.run(ModelFolders, true, "folders", folders, "cache", cache).get()
if (done.isCanceled()) throw new RuntimeException(done.getCancelReason())
report = done.getOutput("report")
