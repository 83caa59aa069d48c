using System.CommandLine;
using System.CommandLine.Parsing;
using Goodhart.Hub.Cache;

namespace Goodhart.Cli.Parsing;

/// <summary>Lets arguments and options that are model folders take names of the hub, which stand for folders of its cache.</summary>
internal static class HubNameParsing
{
    /// <summary>For a folder, or what stands for one.</summary>
    public static Argument<string> AcceptHubName(this Argument<string> argument)
    {
        argument.CustomParser = Folder;
        return argument;
    }

    /// <inheritdoc cref="AcceptHubName(Argument{string})"/>
    public static Argument<string?> AcceptHubNameOrNone(this Argument<string?> argument)
    {
        argument.CustomParser = FolderOrNone;
        return argument;
    }

    /// <summary>For several folders, one a word.</summary>
    public static Argument<string[]> AcceptHubNames(this Argument<string[]> argument)
    {
        argument.CustomParser = result => [.. result.Tokens.Select(token => CachedNames.Model(token.Value))];
        return argument;
    }

    /// <inheritdoc cref="AcceptHubName(Argument{string})"/>
    public static Option<string> AcceptHubName(this Option<string> option)
    {
        option.CustomParser = Folder;
        return option;
    }

    /// <inheritdoc cref="AcceptHubName(Argument{string})"/>
    public static Option<string?> AcceptHubNameOrNone(this Option<string?> option)
    {
        option.CustomParser = FolderOrNone;
        return option;
    }

    private static string Folder(ArgumentResult result) => CachedNames.Model(result.Tokens[0].Value);

    private static string? FolderOrNone(ArgumentResult result) => result.Tokens is [{ } token] ? CachedNames.Model(token.Value) : null;
}
