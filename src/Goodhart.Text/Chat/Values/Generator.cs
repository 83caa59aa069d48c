using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>What filters such as map and select give: it can be gone through once, and has neither a length nor JSON.</summary>
internal sealed class Generator(IEnumerable<object> items)
{
    private readonly IEnumerator<object> items = items.GetEnumerator();
    private bool running;

    public IEnumerable<object> Rest()
    {
        while (Next(out object? item))
        {
            yield return item;
        }
    }

    private bool Next([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out object? item)
    {
        if (running)
        {
            throw TemplateFault.Value($"a generator is used while it runs");
        }

        running = true;
        bool found = items.MoveNext();
        running = false;
        item = found ? items.Current : null;
        return found;
    }
}
