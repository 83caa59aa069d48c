namespace Goodhart.Text.Data;

/// <summary>A prompt with one response and a label, as token ids: a row of training on unpaired data.</summary>
/// <param name="Id">The row's address: its place in the file, from 0. The two halves of a pair share it.</param>
/// <param name="Prompt">Prompt ids, not empty.</param>
/// <param name="Response">Response ids, EOS included.</param>
/// <param name="IsDesirable">Whether the policy should write such responses.</param>
public sealed record LabelledResponse(int Id, int[] Prompt, int[] Response, bool IsDesirable);
