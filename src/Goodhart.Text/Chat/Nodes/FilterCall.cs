using Goodhart.Text.Chat.Library;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>A filter and its arguments, without what it is applied to.</summary>
internal sealed record FilterCall(TemplatePlace Place, string Name, ArgumentList Arguments)
{
    public object Apply(object value, Frame frame)
    {
        try
        {
            return Filters.Get(Name)(value, Arguments.Evaluate(frame, null), frame.Budget);
        }
        catch (TemplateFault fault) when (fault.PassesThrough(Place))
        {
            throw;
        }
    }
}
