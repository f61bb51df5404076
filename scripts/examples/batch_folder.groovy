// Changes green nuclei into cyan ones in all PNG and TIFF images of a folder, and returns what became of them. Run again after it was
// stopped, it goes on where it was.
#@ Context context
#@ File folder
#@ File output
#@output String sentence

import sc.fiji.diffedit.fiji.batch.Batch
import sc.fiji.diffedit.fiji.batch.BatchPlan
import sc.fiji.diffedit.fiji.batch.BatchWorker
import sc.fiji.diffedit.fiji.batch.Summary
import sc.fiji.diffedit.fiji.batch.Verb

def settings = [source: "green nuclei", target: "cyan nuclei", maps: "2", steps: "6", seed: "7"]
def plan = BatchPlan.of(Verb.EDIT, folder.toPath(), output.toPath()).withFiles("*.{png,tif}").withCommon(settings)
def listener = [started: { row, finished, total, left -> println("${finished + 1} of ${total}: ${row.output()}") }, finished: { result -> println(result.status()) }] as Batch.Listener
def summary = new Summary(new Batch(new BatchWorker(context, output.toPath()), listener, { false }).run(plan.rows()))
summary.write(output.toPath())
sentence = summary.sentence()
