namespace Goodhart.Cli.Tests;

/// <summary>One run of the program in this process.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    public static Task<CommandRun> Of(params string[] args) => Of(CancellationToken.None, args);

    public static async Task<CommandRun> Of(CancellationToken cancel, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = await GoodhartCommand.RunAsync(args, output, error, cancel);
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
