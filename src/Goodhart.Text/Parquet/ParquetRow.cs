using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet;

/// <summary>One row of a Parquet file.</summary>
/// <param name="Number">Position in the file, the first row being 1.</param>
/// <param name="RowGroup">The row group that holds it, the first being 0.</param>
/// <param name="Values">
/// One property for each column that was asked for, in the file's order: string, long, double, bool, null, array (lists) or object
/// (structs). Numbers are exact but for FLOAT and DOUBLE, which are a <see langword="double"/>. Belongs to the caller.
/// </param>
/// <param name="Faults">
/// Values that JSON cannot say, by their place such as <c>messages[1].content</c>: NaN and infinities, and bytes that are no text. They are
/// null in <paramref name="Values"/>.
/// </param>
public sealed record ParquetRow(long Number, int RowGroup, JsonObject Values, IReadOnlyDictionary<string, CellFault> Faults);
