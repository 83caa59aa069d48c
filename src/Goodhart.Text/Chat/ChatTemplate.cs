using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Goodhart.Text.Chat.Library;
using Goodhart.Text.Chat.Nodes;
using Goodhart.Text.Chat.Parsing;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat;

/// <summary>
/// A model's chat template: the Jinja that transformers renders conversations with, by an interpreter of our own. It reaches nothing
/// outside of the values that it is given, and every render has a budget. Immutable; may be used from several threads.
/// </summary>
public sealed class ChatTemplate
{
    private readonly Statement body;

    private ChatTemplate(string name, string source, Statement body)
    {
        (Name, Source, this.body) = (name, source, body);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)));
    }

    /// <summary>What messages about it call it, usually its file.</summary>
    public string Name { get; }

    public string Source { get; }

    /// <summary>SHA-256 of the source, in hexadecimal digits.</summary>
    public string Hash { get; }

    /// <exception cref="ChatTemplateException">The text is no template, or uses Jinja that is not supported.</exception>
    public static ChatTemplate Parse(string source, string name)
    {
        try
        {
            return new(name, source, TemplateParser.Parse(new(source)));
        }
        catch (TemplateFault fault)
        {
            throw new ChatTemplateException(name, fault);
        }
    }

    /// <summary>Renders a conversation with the variables that transformers passes.</summary>
    /// <param name="now">The clock of <c>strftime_now</c>; null: a template that asks for it fails.</param>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, fails on it, or takes too much.</exception>
    public RenderedChat Render(ChatRequest request, DateTime? now)
    {
        if (!request.ContinueFinalMessage)
        {
            return Render(request.All(request.Messages), now);
        }

        try
        {
            return new(ContinuedMessage.Cut(Render(request.All(ContinuedMessage.Marked(request.Messages)), now).Text, request.Messages),
                []);
        }
        catch (TemplateFault fault)
        {
            throw new ChatTemplateException(Name, fault);
        }
    }

    /// <summary>Renders with exactly the given variables, of which none need be there.</summary>
    /// <param name="now">The clock of <c>strftime_now</c>; null: a template that asks for it fails.</param>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, fails on it, or takes too much.</exception>
    public RenderedChat Render(IEnumerable<KeyValuePair<string, JsonElement>> variables, DateTime? now)
    {
        try
        {
            Scope functions = new(null);
            foreach ((object name, object function) in Functions.All(now).Entries)
            {
                functions.Set((string)name, function);
            }

            Scope names = new(functions);
            long size = 0;
            foreach ((string name, JsonElement value) in variables)
            {
                names.Set(name, JsonValues.Of(value, ref size));
            }

            StringBuilder output = new();
            Render render = new(new(size), output);
            body.Execute(new(render, names, output));
            string text = output.ToString();
            return new(text, [.. render.Generated.Select(span => InCodePoints(text, span.Start, span.End))]);
        }
        catch (TemplateFault fault)
        {
            throw new ChatTemplateException(Name, fault);
        }
    }

    private static (int Start, int End) InCodePoints(string text, int start, int end)
    {
        int before = CodePoints.Count(text[..start]);
        return (before, before + CodePoints.Count(text[start..end]));
    }
}
