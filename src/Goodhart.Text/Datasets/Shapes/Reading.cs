namespace Goodhart.Text.Datasets.Shapes;

/// <summary>A row, or the reason it is passed over.</summary>
internal readonly record struct Reading<T>(T? Row, SkipReason? Skipped)
    where T : class
{
    public static implicit operator Reading<T>(T row) => new(row, null);

    public static implicit operator Reading<T>(SkipReason reason) => new(null, reason);
}
