using System.Globalization;

namespace Goodhart.Text.Chat.Safety;

/// <summary>A fault on its way out of the interpreter; the innermost node that it passes gives it its place.</summary>
internal sealed class TemplateFault(FaultKind kind, string message) : Exception(message)
{
    private const int LongestMessage = 2000;

    public FaultKind Kind { get; } = kind;

    public TemplatePlace? Place { get; private set; }

    public static TemplateFault Of(FaultKind kind, FormattableString message) => new(kind, message.ToString(CultureInfo.InvariantCulture));

    public static TemplateFault Type(FormattableString message) => Of(FaultKind.Type, message);

    public static TemplateFault Value(FormattableString message) => Of(FaultKind.Value, message);

    public static TemplateFault Limit(FormattableString message) => Of(FaultKind.Limit, message);

    public static TemplateFault Unsupported(FormattableString message) => Of(FaultKind.Unsupported, message);

    /// <summary>An exception filter that never catches: it only notes the first place that it is given.</summary>
    public bool PassesThrough(TemplatePlace place)
    {
        Place ??= place;
        return false;
    }

    public TemplateFault At(TemplatePlace place)
    {
        Place = place;
        return this;
    }

    /// <summary>The message without what a long value would add to it; what a template raises itself is whole.</summary>
    public string Shown => Kind == FaultKind.Raised || Message.Length <= LongestMessage ? Message : $"{Message[..LongestMessage]}…";
}
