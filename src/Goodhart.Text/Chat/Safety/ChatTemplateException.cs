using System.Globalization;

namespace Goodhart.Text.Chat.Safety;

/// <summary>A chat template that cannot be used, or that fails on a conversation. The message is for the user and says where.</summary>
public sealed class ChatTemplateException : Exception
{
    public ChatTemplateException()
    {
    }

    public ChatTemplateException(string message)
        : base(message)
    {
        Detail = message;
    }

    public ChatTemplateException(string message, Exception inner)
        : base(message, inner)
    {
        Detail = message;
    }

    internal ChatTemplateException(string template, TemplateFault fault)
        : base(Text(template, fault), fault)
    {
        (TemplateName, Kind, Detail) = (template, fault.Kind, fault.Shown);
        (Line, Column) = (fault.Place?.Line, fault.Place?.Column);
    }

    public FaultKind Kind { get; } = FaultKind.Value;

    /// <summary>The template's name, usually its file; null where no template is at fault.</summary>
    public string? TemplateName { get; }

    /// <summary>From 1; null where the fault is not at one place.</summary>
    public int? Line { get; }

    public int? Column { get; }

    /// <summary>What happened, without its place.</summary>
    public string Detail { get; } = "";

    private static string Text(string template, TemplateFault fault)
    {
        string place = fault.Place is TemplatePlace at
            ? string.Create(CultureInfo.InvariantCulture, $"{template}: line {at.Line}, column {at.Column}: ")
            : $"{template}: ";
        return fault.Kind == FaultKind.Raised ? $"{place}the template refuses: {fault.Shown}" : place + fault.Shown;
    }
}
