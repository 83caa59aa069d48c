namespace Goodhart.Text.Data;

/// <summary>A prompt with a chosen and a rejected response as text.</summary>
/// <param name="Id">The row's address: its place in the file, from 0, rows that were skipped included.</param>
/// <param name="Prompt">Everything the model is given. The space before a response belongs to the response.</param>
/// <param name="Chosen">The preferred response; does not spell EOS.</param>
/// <param name="Rejected">The other response; does not spell EOS.</param>
public sealed record PreferenceRow(int Id, string Prompt, string Chosen, string Rejected)
{
    /// <summary>How much better the chosen response is, where the data say: for reward models alone.</summary>
    public double? Margin { get; init; }
}
