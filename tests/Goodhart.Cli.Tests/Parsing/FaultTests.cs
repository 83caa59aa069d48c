using System.CommandLine;
using Goodhart.Pipeline;
using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>A fault of the program is neither hidden nor laid at the user's door.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_check_that_fails_by_itself_is_not_silent(bool isInput)
    {
        Option<int> count = new("--count");
        RootCommand command = new() { count };
        command.Validators.Add(result =>
        {
            _ = result.GetValue(count);
            throw new InvalidOperationException("a fault of the check");
        });
        GoodhartCommand.Guard(command.Validators);
        if (isInput)
        {
            ParseResult parse = command.Parse(["--count", "many"]);
            Assert.Contains("many", Assert.Single(parse.Errors).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("a fault of the check", Assert.Throws<InvalidOperationException>(() => command.Parse(["--count", "3"])).Message);
        }
    }

    [Fact]
    public void Only_what_the_user_can_mend_has_code_2()
    {
        Exception[] own =
        [
            new ArgumentOutOfRangeException("count"), new ArgumentNullException("path"), new InvalidCastException(),
            new KeyNotFoundException(),
        ];
        Assert.All(own, error => Assert.Equal((ExitCode.Failed, true), Seen(error)));
        Exception[] users =
        [
            new ArgumentException("--beta: ..."), new InvalidDataException("line 3"), new FolderInUseException("runs", new IOException()),
        ];
        Assert.All(users, error => Assert.Equal((ExitCode.BadInput, false), Seen(error)));
    }

    private static (int Code, bool IsOurs) Seen(Exception error)
    {
        using StringWriter writer = new();
        ConsoleErrors.Write(error, verbose: false, writer);
        return (ConsoleErrors.CodeOf(error), writer.ToString().Contains("mistake of the program", StringComparison.Ordinal));
    }
}
