using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>A part of a template that has a value.</summary>
internal abstract class Expression(TemplatePlace place)
{
    public TemplatePlace Place { get; } = place;

    public object Evaluate(Frame frame)
    {
        try
        {
            frame.Budget.EnterNode();
            object value = Compute(frame);
            frame.Budget.LeaveNode();
            return value;
        }
        catch (TemplateFault fault) when (fault.PassesThrough(Place))
        {
            throw;
        }
    }

    protected abstract object Compute(Frame frame);
}
