namespace Goodhart.Evaluation.Points;

/// <summary>A loss that is trained with remedies is named after both: <c>dpo+is-daa</c> is <c>dpo</c> with <c>is-daa</c>.</summary>
public static class RemediedLosses
{
    private const char Join = '+';

    public static bool Contains(string loss) => loss.Contains(Join);

    public static string Name(string loss, string? remedies) => remedies is null ? loss : $"{loss}{Join}{remedies}";

    /// <summary>The loss itself.</summary>
    public static string LossOf(string name) => name.Split(Join, 2)[0];

    /// <summary>What it is trained with; empty for nothing.</summary>
    public static string RemediesOf(string name) => Contains(name) ? name.Split(Join, 2)[1] : "";
}
