using System.Collections.Concurrent;

namespace Goodhart.Steps.Measuring;

/// <summary>What many steps of a run make of the same input, made once per process.</summary>
public sealed class SharedReads
{
    private readonly ConcurrentDictionary<string, Lazy<object>> made = new(StringComparer.Ordinal);

    /// <param name="key">Says all that the value follows from.</param>
    public T Get<T>(string key, Func<T> make)
        where T : class => (T)made.GetOrAdd(key, _ => new Lazy<object>(make)).Value;
}
