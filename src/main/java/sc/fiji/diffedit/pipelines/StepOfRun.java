package sc.fiji.diffedit.pipelines;

/**
 * Which step of a run a prediction is for.
 *
 * @param index from 0
 * @param count of all steps that are taken
 */
record StepOfRun(int index, int count) {}
