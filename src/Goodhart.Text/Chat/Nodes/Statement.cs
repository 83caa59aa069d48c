using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>How a statement ended: whether the loop around it goes on.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A part of a template that writes or sets something.</summary>
internal abstract class Statement(TemplatePlace place)
{
    public Flow Execute(Frame frame)
    {
        try
        {
            frame.Budget.EnterNode();
            Flow flow = Run(frame);
            frame.Budget.LeaveNode();
            return flow;
        }
        catch (TemplateFault fault) when (fault.PassesThrough(place))
        {
            throw;
        }
    }

    protected abstract Flow Run(Frame frame);
}
