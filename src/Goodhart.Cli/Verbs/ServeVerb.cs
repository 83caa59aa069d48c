using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Goodhart.Cli.Parsing;
using Goodhart.Serve.Http;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart serve</c>: a study's folder as a page that follows it.</summary>
internal sealed class ServeVerb : Verb
{
    private readonly Argument<string> folder = TextArgument.Of(
        "DIR", "A study's folder, finished or running, on this machine or another one that shares it.");

    private readonly Option<IPAddress> address = new("--address")
    {
        Description = "Where to listen. Anything but this machine's own address asks for a token, which is printed.",
        HelpName = "IP",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ReadAddress,
    };

    private readonly Option<int> port = NumberOption.Of(
        "--port", NumberRule.Whole(0, IPEndPoint.MaxPort, 8080), 8080, "TCP port; 0 takes one that is free.");

    private readonly Option<bool> json = CommonOptions.Json();

    public ServeVerb()
        : base("serve", "Show a study in the browser while it runs, or afterwards: graph, runs, figure 1, samples, failures.") =>
        Take([folder, address, port, json], RunAsync);

    public override IReadOnlyList<string> Examples { get; } =
        ["goodhart serve study-default", "goodhart serve study-default --address 0.0.0.0 --port 8081"];

    private Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        WebFramework.Require();
        return ServeAsync(parse, cancel);
    }

    private async Task<int> ServeAsync(ParseResult parse, CancellationToken cancel)
    {
        await using StudyServer server = await StudyServer.StartAsync(
            new ServeOptions { Directory = parse.GetValue(folder)!, Address = parse.GetValue(address)!, Port = parse.GetValue(port) },
            cancel);
        TextWriter output = Out(parse);
        if (parse.GetValue(json))
        {
            output.WriteLine(JsonLayout.Text(new { url = server.Entry }));
        }
        else
        {
            output.WriteLine($"{server.Entry}  (Ctrl-C ends it; the study goes on)");
        }

        await output.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
        return ExitCode.Done;
    }

    private static IPAddress? ReadAddress(ArgumentResult result)
    {
        string text = result.Tokens is [{ Value: { } found }] ? found : "";
        if (text == "localhost")
        {
            return IPAddress.Loopback;
        }

        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return address;
        }

        result.AddError($"--address: expected an IP address such as 127.0.0.1, 0.0.0.0 or ::1, found '{text}'.");
        return null;
    }
}
