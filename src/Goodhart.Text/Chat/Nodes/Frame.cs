using System.Text;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>Where a node is evaluated: its names, and where its text goes.</summary>
internal sealed record Frame(Render Render, Scope Scope, StringBuilder Output)
{
    public Budget Budget => Render.Budget;

    public Frame Inner() => new(Render, new(Scope), Output);

    public Frame Captured() => new(Render, new(Scope), new());

    public void Write(string text)
    {
        Budget.Hold(text.Length);
        Output.Append(text);
    }
}
