using Xunit;

namespace Goodhart.Testing;

/// <summary>Assertions on what was chosen out of more: where nothing was, they fail, and
/// <see cref="Assert.All{T}(IEnumerable{T}, Action{T})"/> would not.</summary>
public static class Every
{
    public static void Of<T>(IEnumerable<T> chosen, Action<T> check)
    {
        T[] all = [.. chosen];
        Assert.NotEmpty(all);
        Assert.All(all, check);
    }
}
