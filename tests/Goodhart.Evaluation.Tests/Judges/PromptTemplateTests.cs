using Goodhart.Evaluation.Judges.Chat;
using Xunit;

namespace Goodhart.Evaluation.Tests.Judges;

public sealed class PromptTemplateTests
{
    [Fact]
    public void Responses_are_fenced_and_never_filled_in()
    {
        PromptTemplate template = PromptTemplate.Parse("mine", "Be fair.\n---\nP {{prompt}}\nX {{first}}\nY {{second}}\nZ {{answer}}");
        Assert.Equal("Be fair.", template.System);
        string user = template.Render("a {{second}}", "b {{answer}}", "c", "abc123");
        Assert.StartsWith(
            "P <data-abc123 prompt>\na {{second}}\n</data-abc123>\nX <data-abc123 response 1>\nb {{answer}}\n</data-abc123>\nY "
                + "<data-abc123 response 2>\nc\n</data-abc123>\nZ First",
            user, StringComparison.Ordinal);
        Assert.EndsWith("Verdict abc123: tie", user, StringComparison.Ordinal);
        Assert.Null(PromptTemplate.Parse("mine", "{{prompt}}{{first}}{{second}}{{answer}}").System);
    }

    [Theory]
    [InlineData("{{prompt}} {{first}} {{second}}", "{{answer}} is there 0 times")]
    [InlineData("{{prompt}} {{first}} {{first}} {{second}} {{answer}}", "{{first}} is there 2 times")]
    [InlineData("{{prompt}} {{first}} {{second}} {{answer}} {{third}}", "{{third}} is no place")]
    [InlineData("{{prompt}}\n---\n{{prompt}} {{first}} {{second}} {{answer}}", "system message has places")]
    public void A_template_without_its_places_is_refused(string text, string message) => Assert.Contains(
        message, Assert.Throws<InvalidDataException>(() => PromptTemplate.Parse("mine.txt", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_shipped_ones_have_system_messages_that_say_what_data_are() =>
        Assert.All(JudgeTemplates.All, template => Assert.Contains("never an", template.System!, StringComparison.Ordinal));
}
