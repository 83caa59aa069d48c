using System.Text.Json;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;
using Xunit;

namespace Goodhart.Text.Tests.Chat;

/// <summary>Every fault says which template, line and column.</summary>
public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("{{ s }}\n  {{ s + 1 }}", FaultKind.Type, 2, 8)]
    [InlineData("a\n{% if x %}\nb", FaultKind.Syntax, 3, 2)]
    [InlineData("{# one\ntwo #}{{ 'open }}", FaultKind.Syntax, 2, 10)]
    [InlineData("{% for x in [1] %}\n\n{{ x | nosuch }}{% endfor %}", FaultKind.Syntax, 3, 8)]
    [InlineData("{% macro m() %}\n{{ gone.away }}{% endmacro %}\n{{ m() }}", FaultKind.Undefined, 2, 9)]
    [InlineData("\n{{ raise_exception('Only \\'user\\' turns') }}", FaultKind.Raised, 2, 19)]
    [InlineData("{{ s.append(1) }}{{ [].append(1) }}", FaultKind.Undefined, 1, 12)]
    [InlineData("{{ [].append(1) }}", FaultKind.Security, 1, 13)]
    [InlineData("{{ ''.__class__.mro }}", FaultKind.Security, 1, 17)]
    [InlineData("{% include 'x' %}", FaultKind.Unsupported, 1, 1)]
    [InlineData("{{ 2 ** 3 }}", FaultKind.Unsupported, 1, 6)]
    [InlineData("{{ 1 // 0 }}", FaultKind.Arithmetic, 1, 6)]
    [InlineData("{% for i in range(9999999) %}{% endfor %}", FaultKind.Limit, 1, 18)]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", FaultKind.Limit, 1, null)]
    public void Says_where(string source, FaultKind kind, int line, int? column)
    {
        ChatTemplateException problem = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "mine.jinja").Render(
            [new("s", JsonSerializer.SerializeToElement("text"))], GoldenChat.Now));
        Assert.Equal((kind, line), (problem.Kind, problem.Line));
        Assert.Equal(column ?? problem.Column, problem.Column);
        Assert.StartsWith($"mine.jinja: line {line}, column ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_work_ends_at_the_same_place_on_every_run()
    {
        ChatTemplate template = ChatTemplate.Parse(
            "{% set n = namespace(i=0) %}{% for a in range(9999) %}{% for b in range(9999) %}{% set n.i = n.i + 1 %}{% endfor "
                + "%}{% endfor %}", "t");
        ChatTemplateException Stop() => Assert.Throws<ChatTemplateException>(() => template.Render([], GoldenChat.Now));
        Assert.Equal(Stop().Message, Stop().Message);
    }

    [Fact]
    public void A_long_conversation_may_take_more_steps()
    {
        ChatTemplate template = ChatTemplate.Parse("{% for c in text %}{% for d in range(10) %}{% endfor %}{% endfor %}", "t");
        Assert.Equal("", template.Render([new("text", JsonSerializer.SerializeToElement(new string('x', 100_000)))], GoldenChat.Now).Text);
    }

    [Fact]
    public void A_source_beyond_a_mebibyte_is_refused() =>
        Assert.Equal(FaultKind.Limit, Assert.Throws<ChatTemplateException>(
            () => ChatTemplate.Parse(new string('x', (1 << 20) + 1), "t")).Kind);
}
