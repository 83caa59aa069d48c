namespace Goodhart.Text.Truncation;

/// <summary>What becomes of rows that are longer than the budget. A variant is a type.</summary>
/// <remarks>The prompt is cut alike for both responses: they are compared given the same prompt, and share its computation.</remarks>
public abstract record TruncationPolicy
{
    /// <summary>All, by name.</summary>
    public static IReadOnlyList<TruncationPolicy> All { get; } =
        [new KeepEnd(), new KeepStart(), new NewlineAware(), new DropLong(), new PaperKeepStart(), new PaperKeepEnd()];

    /// <summary>As configuration files spell it.</summary>
    public abstract string Name { get; }

    /// <exception cref="ArgumentException">No such policy.</exception>
    public static TruncationPolicy Parse(string name) => All.FirstOrDefault(policy => policy.Name == name)
        ?? throw new ArgumentException($"truncation: expected {string.Join(", ", All.Select(policy => policy.Name))}, found '{name}'.");

    /// <summary>Refuses a budget with parts that the policy would ignore, or without parts that it needs.</summary>
    /// <exception cref="ArgumentException">With the reason.</exception>
    public virtual void Require(LengthBudget budget) => budget.Validate();

    /// <returns>The row within the budget; null if it is dropped.</returns>
    internal abstract FittedRow? Fit(EncodedRow row, LengthBudget budget, PromptEncoder encoder);
}
