namespace Goodhart.Text.Datasets;

/// <summary>Bad rows that were passed over for one reason.</summary>
/// <param name="Reason">Column, what was expected and what was found.</param>
/// <param name="First">Where the first of them stands: file, and line or row.</param>
public sealed record BadRowCount(string Reason, int Count, string First)
{
    public override string ToString() => FormattableString.Invariant($"{Count} bad rows skipped, the first {First}: {Reason}");
}
