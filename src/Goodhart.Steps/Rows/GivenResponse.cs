using Goodhart.Text.Datasets.Files;

namespace Goodhart.Steps.Rows;

/// <summary>A row's given responses to its prompt: one, or of a pair the chosen and the rejected one.</summary>
/// <param name="Source">The row as the file has it.</param>
/// <param name="Responses">In the order of <see cref="ResponseFile.Names"/>; EOS included where the row or the rule adds it.</param>
public sealed record GivenResponse(DataRow Source, int[] Prompt, IReadOnlyList<int[]> Responses);
