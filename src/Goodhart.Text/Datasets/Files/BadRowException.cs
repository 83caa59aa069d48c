using System.Text.RegularExpressions;

namespace Goodhart.Text.Datasets.Files;

/// <summary>
/// A row that cannot be used as what it is to be. The file goes on after it, so a reader may pass it over. Thrown as the cause of an
/// <see cref="InvalidDataException"/>, which is what bad input is everywhere.
/// </summary>
public sealed partial class BadRowException(string place, string reason, Exception? inner = null)
    : Exception($"{place}{(reason.StartsWith("column ", StringComparison.Ordinal) ? ", " : ": ")}{reason}.", inner)
{
    /// <summary>File, and line or row.</summary>
    public string Place { get; } = place;

    /// <summary>What is wrong, without places in lists: alike for rows that have the same fault.</summary>
    public string Reason { get; } = Index().Replace(reason, "[]");

    /// <summary>To be thrown.</summary>
    public InvalidDataException Refusal() => new(Message, this);

    /// <summary>The bad row that a refusal is about; null where it is about the file.</summary>
    public static BadRowException? Of(InvalidDataException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.InnerException as BadRowException;
    }

    /// <summary>Tells of a bad row, or throws where nobody wants to be told.</summary>
    /// <exception cref="InvalidDataException">Nobody does.</exception>
    internal void Tell(Action<BadRowException>? bad)
    {
        if (bad is null)
        {
            throw Refusal();
        }

        bad(this);
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
