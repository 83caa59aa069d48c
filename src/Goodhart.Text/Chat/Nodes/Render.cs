using System.Text;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>One rendering: its budget, its text, and the spans (in UTF-16 units) that generation blocks mark.</summary>
internal sealed record Render(Budget Budget, StringBuilder Output)
{
    public List<(int Start, int End)> Generated { get; } = [];
}
