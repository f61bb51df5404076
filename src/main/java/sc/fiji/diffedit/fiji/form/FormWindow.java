package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Component;
import java.awt.GridLayout;
import java.awt.KeyboardFocusManager;
import java.awt.Rectangle;
import java.awt.Window;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import javax.swing.BorderFactory;
import javax.swing.BoxLayout;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JPanel;
import javax.swing.UIManager;

import org.scijava.ItemVisibility;
import org.scijava.module.ModuleItem;

import ij.IJ;

/**
 * The window of a form: the first page, {@code More settings} in place below it, the line about the present answers, and the buttons.
 * Its height changes only by {@code More settings}, and is never more than the screen has.
 */
final class FormWindow extends JDialog implements AutoCloseable {

	private static final long serialVersionUID = 1L;

	private static final int SIDE = 10, GAP = 4, MARGIN = 40;

	private final transient Answers answers;
	private final transient Plan plan;
	private final Page more;
	private final JButton moreButton = new JButton();
	private final JButton ok = new JButton("OK");
	private final StatusLine status = new StatusLine(2);
	private final transient BackgroundCheck check;
	private final JPanel foot = new JPanel();
	private transient Optional<Trouble> trouble = Optional.empty();
	private boolean accepted;

	FormWindow(final Answers answers, final List<String> lately) {
		super(owner(), Help.title(answers.module()), ModalityType.APPLICATION_MODAL);
		this.answers = answers;
		plan = Plan.of(answers.module());
		final int labelsWidth = Page.labelsWidth(plan.rows(), answers::field);
		more = new Page(answers::field, labelsWidth);
		check = new BackgroundCheck(answers, lately, this::showStatus);
		build(new Page(answers::field, labelsWidth));
		answers.fields().forEach(field -> field.whenChanged(() -> changed(field)));
		callFirstCallback();
		update();
	}

	/** The window in front: a form over a form, else over ImageJ. */
	private static Window owner() {
		final Window active = KeyboardFocusManager.getCurrentKeyboardFocusManager().getActiveWindow();
		return active instanceof FormWindow ? active : IJ.getInstance();
	}

	/** Shows the window until it is closed; whether the answers were accepted. */
	boolean ask() {
		pack();
		place();
		showStatus();                                                        // only now is it known what has no room
		setFocusTraversalPolicy(new FirstText(plan.onFirstPage().stream().map(answers::field).toList()));
		setVisible(true);
		return accepted;
	}

	@Override
	public void close() {
		check.close();
		dispose();
	}

	// -- parts --

	private void build(final Page first) {
		first.add(plan.first());
		plan.more().forEach(more::add);
		more.setVisible(false);
		buildFoot();
		add(new Pages(first, more, () -> screen().height - MARGIN - foot.getPreferredSize().height), BorderLayout.CENTER);
		add(foot, BorderLayout.SOUTH);
		PlainFonts.makePlain(getContentPane());
		getRootPane().setDefaultButton(ok);
		Keys.onEscape(getRootPane(), this::dispose);
		setDefaultCloseOperation(DISPOSE_ON_CLOSE);
		addWindowFocusListener(new WindowAdapter() {

			/** The user may have installed an engine or a model meanwhile. */
			@Override
			public void windowGainedFocus(final WindowEvent event) {
				check.restart();
			}
		});
	}

	private void buildFoot() {
		foot.setLayout(new BoxLayout(foot, BoxLayout.PAGE_AXIS));
		foot.setBorder(BorderFactory.createCompoundBorder(BorderFactory.createMatteBorder(1, 0, 0, 0, UIManager.getColor("controlShadow")),
			BorderFactory.createEmptyBorder(GAP, SIDE, SIDE, SIDE)));
		moreButton.setName("more");
		moreButton.addActionListener(event -> showMore(!more.isVisible()));
		moreButton.setVisible(!plan.more().isEmpty());
		for (final ModuleItem<?> input : Inputs.of(answers.module())) {
			if (input.getVisibility() == ItemVisibility.MESSAGE) addToFoot(message(input));
		}
		addToFoot(status);
		addToFoot(buttons());
	}

	private FormMessage message(final ModuleItem<?> input) {
		final FormMessage message = new FormMessage(() -> Objects.toString(answers.module().getInput(input.getName()), ""));
		message.setName(input.getName());
		return message;
	}

	private void addToFoot(final javax.swing.JComponent part) {
		part.setAlignmentX(Component.LEFT_ALIGNMENT);
		part.setBorder(BorderFactory.createEmptyBorder(GAP, 0, 0, 0));
		foot.add(part);
	}

	private JPanel buttons() {
		final JPanel settings = new JPanel(new GridLayout(1, 0, GAP, 0));
		settings.add(Buttons.of("Defaults", "Puts all settings back; images and descriptions stay", answers::toDefaults));
		settings.add(Buttons.of("Help", "What the settings mean", () -> Help.open(this, answers.module(), plan)));
		final JPanel left = new JPanel(new BorderLayout(GAP, 0));
		left.add(moreButton, BorderLayout.WEST);
		left.add(settings, BorderLayout.CENTER);
		final JPanel right = new JPanel(new GridLayout(1, 0, GAP, 0));
		ok.setName("OK");
		ok.addActionListener(event -> accept());
		right.add(ok);
		right.add(Buttons.of("Cancel", null, this::dispose));
		final JPanel all = new JPanel(new BorderLayout());
		all.add(left, BorderLayout.WEST);
		all.add(right, BorderLayout.EAST);
		return all;
	}

	// -- what the user does --

	private void showMore(final boolean shown) {
		more.setVisible(shown);
		nameMore();
		pack();
		place();
	}

	private void nameMore() {
		final long changed = plan.more().values().stream().flatMap(List::stream).flatMap(row -> Plan.names(row).stream()).map(answers::field).filter(Field::isChanged).count();
		moreButton.setText((more.isVisible() ? "Fewer settings" : "More settings") + (changed == 0 ? "" : " (" + changed + " changed)"));
	}

	private void changed(final Field field) {
		if (field instanceof ButtonField) answers.call(field.input());
		update();
	}

	private void update() {
		trouble = answers.take();
		ok.setEnabled(trouble.isEmpty());
		nameMore();
		check.restart();
		showStatus();
	}

	/** What has to be done; what is wrong, or may go wrong, only where no field of the first page says it, or has no room to say why OK is not possible. */
	private void showStatus() {
		final Optional<Trouble> told = trouble.or(check::warning).filter(one -> one.isEmpty() || !isSeen(one));
		final Color color = told.filter(Trouble::isEmpty).isPresent() ? StatusLine.TO_DO : trouble.isPresent() ? StatusLine.TROUBLE : StatusLine.WARNING;
		status.setStatus(told.map(Trouble::sentence).orElse(""), color, told.filter(Trouble::isEngineMissing).isPresent());
	}

	private boolean isSeen(final Trouble one) {
		if (!plan.onFirstPage().contains(one.name())) return false;
		final Field field = answers.field(one.name());
		return field.speaks() && !(trouble.isPresent() && field.isNoteCut());
	}

	private void accept() {
		update();
		if (trouble.isPresent()) return;
		accepted = true;
		dispose();
	}

	/** Commands with a message work it out when one of their answers changes; this is the first time. */
	private void callFirstCallback() {
		answers.take();
		Inputs.of(answers.module()).stream().filter(input -> input.getCallback() != null && !input.getCallback().isEmpty()).filter(input -> answers.field(input.getName()) != null)
			.filter(input -> !(answers.field(input.getName()) instanceof ButtonField)).findFirst().ifPresent(answers::call);
	}

	// -- where it stands --

	private static Rectangle screen() {
		return java.awt.GraphicsEnvironment.getLocalGraphicsEnvironment().getMaximumWindowBounds();
	}

	/** In the middle at first, later where the user has put it, always on the screen. */
	private void place() {
		final Rectangle screen = screen();
		if (!isShowing()) setLocation(screen.x + (screen.width - getWidth()) / 2, screen.y + (screen.height - getHeight()) / 3);
		else setLocation(Math.max(screen.x, Math.min(getX(), screen.x + screen.width - getWidth())), Math.max(screen.y, Math.min(getY(), screen.y + screen.height - getHeight())));
	}
}
