namespace Goodhart.Text.Datasets;

/// <summary>Bad rows that were passed over for one reason.</summary>
/// <param name="Reason">Column, what was expected and what was found.</param>
/// <param name="First">Where the first of them stands: file, and line or row.</param>
public sealed record BadRowCount(string Reason, int Count, string First)
{
    /// <summary>How many there are, where, and why, of rows that nobody passes over.</summary>
    internal string InFile => FormattableString.Invariant($"{Count}{(Count == 1 ? ", " : ", the first ")}{First}: {Reason}");

    /// <summary>Of margins that are no numbers.</summary>
    public string AsMargin =>
        $"{Quantity.Of(Count, "pair")} {Quantity.Noun(Count, "has", "have")} a margin that is no number, "
            + $"{(Count == 1 ? "" : "the first ")}{First}: {Reason}";

    public override string ToString() =>
        FormattableString.Invariant($"{Quantity.Of(Count, "bad row")} skipped, {(Count == 1 ? "" : "the first ")}{First}: {Reason}");
}
