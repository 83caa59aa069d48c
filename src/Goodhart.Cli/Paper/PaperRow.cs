namespace Goodhart.Cli.Paper;

/// <summary>A row of docs/paper.md.</summary>
/// <param name="Place">In the paper: "Eq. (4)", "Figure 1", "Appendix B: learning rate".</param>
/// <param name="What">What stands there, in our words.</param>
/// <param name="Files">Paths in the repository; empty: not yet.</param>
/// <param name="Tests">Paths in the repository; empty: not yet.</param>
public sealed record PaperRow(string Place, string What, IReadOnlyList<string> Files, IReadOnlyList<string> Tests);
