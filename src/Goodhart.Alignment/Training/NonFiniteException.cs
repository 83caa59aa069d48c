namespace Goodhart.Alignment.Training;

/// <summary>A loss, log-prob or gradient was NaN or infinite: the run stops at the first one.</summary>
public sealed class NonFiniteException(string what, int step, IReadOnlyList<int> rows)
    : InvalidOperationException(
        $"Step {step}: {what} is not finite. Rows of this batch: {string.Join(", ", rows)}. "
        + "Lower the learning rate, raise β, or look at these rows.")
{
    public int Step { get; } = step;

    public IReadOnlyList<int> Rows { get; } = rows;
}
