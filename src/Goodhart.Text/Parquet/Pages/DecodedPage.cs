using Goodhart.Text.Parquet.Encodings;

namespace Goodhart.Text.Parquet.Pages;

/// <summary>A data page: for each of its places the levels, and the values of those that are not null.</summary>
/// <param name="Count">Places, nulls counted.</param>
/// <param name="Definitions">Empty where every place has a value.</param>
/// <param name="Repetitions">Empty outside lists.</param>
internal sealed record DecodedPage(int Count, int[] Definitions, int[] Repetitions, LeafValues Values);
