namespace Goodhart.Text.Data;

/// <summary>A prompt with one response and a label, as text: a row of unpaired preference data.</summary>
/// <param name="Id">The row's address: its place in the file, from 0, rows that were skipped included. The two halves of a pair share
/// it.</param>
/// <param name="Prompt">Everything the model is given. The space before a response belongs to the response.</param>
/// <param name="Completion">The response; does not spell EOS.</param>
/// <param name="IsDesirable">Whether the policy should write such responses.</param>
public sealed record LabelledRow(int Id, string Prompt, string Completion, bool IsDesirable);
