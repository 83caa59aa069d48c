namespace Goodhart.Text.Data;

/// <summary>A prompt and one response as token ids: a row of pre-training and SFT.</summary>
/// <param name="Id">The row's address: its place in the whole data set, whatever the order it is read in.</param>
/// <param name="Prompt">Prompt ids, not empty.</param>
/// <param name="Response">Response ids, EOS included.</param>
public sealed record TokenizedExample(int Id, int[] Prompt, int[] Response);
