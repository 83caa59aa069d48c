namespace Goodhart.Text.Data;

/// <summary>A prompt with a chosen and a rejected response as token ids: a row of preference training.</summary>
/// <param name="Id">The row's address: its place in the whole data set, whatever the order it is read in.</param>
/// <param name="Prompt">Prompt ids, not empty.</param>
/// <param name="Chosen">Ids of the preferred response, EOS included.</param>
/// <param name="Rejected">Ids of the other response, EOS included.</param>
public sealed record TokenizedPair(int Id, int[] Prompt, int[] Chosen, int[] Rejected)
{
    /// <inheritdoc cref="PreferenceRow.Margin"/>
    public double? Margin { get; init; }
}
