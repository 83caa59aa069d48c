using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>A template's text as Jinja sees it, and the places in it.</summary>
internal sealed class Source
{
    public const int Longest = 1 << 20;

    private readonly List<int> lineStarts = [0];

    public Source(string text)
    {
        if (text.Length > Longest)
        {
            throw TemplateFault.Limit($"the template has {text.Length} characters, at most {Longest} are allowed");
        }

        string normal = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        Text = normal.EndsWith('\n') ? normal[..^1] : normal;
        for (int i = 0; i < Text.Length; i++)
        {
            if (Text[i] == '\n')
            {
                lineStarts.Add(i + 1);
            }
        }
    }

    public string Text { get; }

    public TemplatePlace PlaceOf(int offset)
    {
        int line = lineStarts.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new(line + 1, offset - lineStarts[line] + 1);
    }
}
