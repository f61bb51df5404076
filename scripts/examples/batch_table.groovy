// Does what the rows of a table say, such as
//   image,operation,source,target,seed
//   01.png,,green nuclei,cyan nuclei,7
//   *.png,mask,green nuclei,cyan nuclei,
// and returns what became of each row. What is done already is not done again.
#@ Context context
#@ File table
#@ File output
#@output String sentence

import sc.fiji.diffedit.fiji.batch.Batch
import sc.fiji.diffedit.fiji.batch.BatchPlan
import sc.fiji.diffedit.fiji.batch.BatchWorker
import sc.fiji.diffedit.fiji.batch.SettingsTable
import sc.fiji.diffedit.fiji.batch.Summary
import sc.fiji.diffedit.fiji.batch.Verb

def plan = BatchPlan.of(Verb.EDIT, table.toPath().parent, output.toPath()).withTable(SettingsTable.read(table.toPath())).withCommon([maps: "2", steps: "6"])
def listener = [started: { row, finished, total, left -> println("${finished + 1} of ${total}: ${row.output()}") }, finished: { result -> println(result.status()) }] as Batch.Listener
def summary = new Summary(new Batch(new BatchWorker(context, output.toPath()), listener, { false }).run(plan.rows()))
summary.write(output.toPath())
sentence = summary.sentence()
