using System.Text.RegularExpressions;

namespace Goodhart.Models.Adapters;

/// <summary>Which linear layers an adapter stands beside: PEFT's <c>target_modules</c>.</summary>
public abstract record AdapterTargets
{
    /// <param name="module">The layer's full name, without <c>.weight</c>.</param>
    /// <exception cref="InvalidDataException">A pattern that takes too long.</exception>
    public abstract bool Matches(string module);
}

/// <summary>Every linear layer but the head: PEFT's <c>all-linear</c>.</summary>
public sealed record AllLinear : AdapterTargets
{
    public const string Name = "all-linear";

    public override bool Matches(string module) => true;

    public override string ToString() => Name;
}

/// <summary>Layers by the end of their names: <c>dense</c> is attention.dense and not mlp.dense_h_to_4h.</summary>
public sealed record NamedTargets(IReadOnlyList<string> Names) : AdapterTargets
{
    public override bool Matches(string module) =>
        Names.Any(name => module == name || module.EndsWith("." + name, StringComparison.Ordinal));

    public bool Equals(NamedTargets? other) => other is not null && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => Names.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(", ", Names);
}

/// <summary>Layers whose whole name a regular expression matches.</summary>
public sealed record PatternTargets(string Pattern) : AdapterTargets
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public override bool Matches(string module)
    {
        try
        {
            return Regex.IsMatch(module, $"^(?:{Pattern})\\z", RegexOptions.CultureInvariant, Patience);
        }
        catch (Exception fault) when (fault is RegexMatchTimeoutException or RegexParseException)
        {
            throw new InvalidDataException(
                $"target_modules: expected names, 'all-linear' or a regular expression, found '{Pattern}': {fault.Message}", fault);
        }
    }

    public override string ToString() => Pattern;
}
