package sc.fiji.diffedit.fiji.commands;

/** A command whose form says how much memory its run is expected to take; the input is {@value MemoryLine#FIELD}. */
interface ModelForm {

	/** Works out anew what the present answers ask for. Called by forms when one has changed. */
	void estimateMemory();
}
