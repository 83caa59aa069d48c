using Goodhart.Steps.Folders;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Steps.Rows;

/// <summary>A given response and its prompt.</summary>
/// <param name="Source">The row as the file has it.</param>
/// <param name="Response">EOS included where the row or the rule adds it.</param>
public sealed record GivenResponse(DataRow Source, int[] Prompt, int[] Response);

/// <summary>
/// Given responses: columns <c>prompt</c> and <c>response</c>, or <c>promptIds</c> and <c>responseIds</c> (which go first).
/// </summary>
public static class ResponseReader
{
    /// <summary>The rows as a stream; each enumeration reads the file anew.</summary>
    /// <param name="appendEos">Text responses end with EOS; ids are taken as they are.</param>
    /// <exception cref="InvalidDataException">A bad row; the message has file, line and column.</exception>
    public static IEnumerable<GivenResponse> Read(LoadedModel model, string path, bool appendEos)
    {
        TokenRows tokens = new(model);
        foreach (DataRow row in DataFile.Open(path).Rows())
        {
            int[] prompt = tokens.Prompt(row);
            int[] response = tokens.Response(row, "response", appendEos);
            tokens.RequireRoom(row, prompt.Length + response.Length, "shorten the row");
            yield return new GivenResponse(row, prompt, response);
        }
    }
}
