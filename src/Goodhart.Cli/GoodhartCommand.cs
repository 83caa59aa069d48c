using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Reflection;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Verbs;

namespace Goodhart.Cli;

/// <summary>The program as a function of its arguments.</summary>
public static class GoodhartCommand
{
    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "On an error, print the stack trace too.",
        Recursive = true,
    };

    /// <summary>A path may begin with @: there are no response files.</summary>
    internal static ParserConfiguration Plain { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>The released version and the commit it was built from.</summary>
    public static string Version { get; } =
        typeof(GoodhartCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        ParseResult? parse = null;
        InvocationConfiguration invocation = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,   // Interruption handles signals
        };
        try
        {
            parse = Create().Parse(args, Plain);
            ConfiguredArguments configured = ConfiguredArguments.Of(parse, args);
            parse = configured.Args == args ? parse : Create().Parse(configured.Args, Plain);
            if (parse.Action is ParseErrorAction)
            {
                foreach (string message in parse.Errors.Select(configured.Describe).Distinct())
                {
                    await error.WriteLineAsync($"error: {message}");
                }

                string verb = parse.CommandResult.Command is RootCommand ? "" : $" {CommandPath(parse.CommandResult.Command)}";
                await error.WriteLineAsync($"Run `goodhart{verb} --help` for what there is.");
                return ExitCode.BadInput;
            }

            return await parse.InvokeAsync(invocation, cancel);
        }
        catch (Exception exception)
        {
            ConsoleErrors.Write(exception, parse?.GetResult(Verbose) is { Implicit: false }, error);
            return ConsoleErrors.CodeOf(exception);
        }
    }

    internal static RootCommand Create()
    {
        RootCommand root = new(
            "Direct alignment (DPO, IPO, SLiC) and its over-optimization: train, measure, fit the scaling laws, draw the figures.")
        {
            Verbose,
            new StudyVerb(),
            new StepVerb(),
            new CancelVerb(),
            new PullVerb(),
            new InitVerb(),
            new SftVerb(),
            new AlignVerb(),
            new RewardVerb(),
            new PpoVerb(),
            new EvaluateVerb(),
            new LossesVerb(),
            new RemediesVerb(),
            new AverageVerb(),
            new MergeVerb(),
            new FitVerb(),
            new ForecastVerb(),
            new AlarmVerb(),
            new ReportVerb(),
            new ServeVerb(),
            new ExportVerb(),
            new WorldVerb(),
            new DataVerb(),
            new RankVerb(),
            new SoftQVerb(),
            new SampleVerb(),
            new ScoreVerb(),
            new KlVerb(),
            new WinRateVerb(),
            new TokenizeVerb(),
            new TemplateVerb(),
            new VerifyVerb(),
            new BenchVerb(),
            new TreeVerb(),
            new WhereVerb(),
        };
        foreach (Option<bool> flag in Every(root).SelectMany(command => command.Options).OfType<Option<bool>>())
        {
            flag.Arity = ArgumentArity.Zero;   // what follows it is an argument, or a mistake
        }

        foreach (Command command in Every(root))
        {
            Array.ForEach([.. command.Options.OfType<Option<string?>>()], RefuseEmpty);
            Guard(command.Validators);
        }

        foreach (Option option in root.Options)
        {
            option.Action = option switch
            {
                HelpOption => new HelpWithExamples(),
                VersionOption => new PrintVersion(),
                _ => option.Action,
            };
        }

        return root;
    }

    /// <summary>The command and all below it.</summary>
    internal static IEnumerable<Command> Every(Command command) => command.Subcommands.SelectMany(Every).Prepend(command);

    /// <summary>A variable that a script left unset: no file, name or list is empty.</summary>
    private static void RefuseEmpty(Option<string?> option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: "" }])
        {
            result.AddError($"{option.Name}: expected {option.HelpName ?? "a value"}, found nothing between the quotes.");
        }
    });

    /// <summary>Checks across options are for options that can be read; what is wrong with one of them it says itself.</summary>
    internal static void Guard(List<Action<CommandResult>> validators)
    {
        Action<CommandResult>[] checks = [.. validators];
        validators.Clear();
        validators.Add(result =>
        {
            try
            {
                Array.ForEach(checks, check => check(result));
            }
            catch (InvalidOperationException) when (!result.Children.All(CanBeRead))
            {
                // Thrown for a value that was asked for and could not be read, before its own error is collected.
            }
        });
    }

    private static bool CanBeRead(SymbolResult symbol)
    {
        try
        {
            _ = symbol switch
            {
                OptionResult option => option.GetValueOrDefault<object?>(),
                ArgumentResult argument => argument.GetValueOrDefault<object?>(),
                _ => null,
            };
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    internal static string CommandPath(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
        ? $"{CommandPath(parent)} {command.Name}"
        : command.Name;

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(Version);
            return ExitCode.Done;
        }
    }
}
