namespace Goodhart.Text.Data;

/// <summary>A prompt and the completion to imitate, as text.</summary>
/// <param name="Id">The row's address: its place in the file, from 0, rows that were skipped included.</param>
/// <param name="Prompt">Everything the model is given; empty where the file has whole texts.</param>
/// <param name="Completion">What it learns to write; does not spell EOS.</param>
public sealed record SftRow(int Id, string Prompt, string Completion);
