using System.CommandLine;
using System.CommandLine.Parsing;
using Goodhart.Hub.Cache;

namespace Goodhart.Cli.Parsing;

/// <summary>
/// Lets arguments and options that are model folders or data files take names of the hub, which stand for folders and files of its cache.
/// </summary>
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

    /// <summary>For a file of rows, or what stands for one.</summary>
    public static Argument<string> AcceptDataName(this Argument<string> argument)
    {
        argument.CustomParser = Rows;
        return argument;
    }

    /// <inheritdoc cref="AcceptDataName(Argument{string})"/>
    public static Option<string> AcceptDataName(this Option<string> option)
    {
        option.CustomParser = Rows;
        return option;
    }

    /// <inheritdoc cref="AcceptDataName(Argument{string})"/>
    public static Option<string?> AcceptDataNameOrNone(this Option<string?> option)
    {
        option.CustomParser = result => result.Tokens.Count > 0 ? Rows(result) : null;
        return option;
    }

    private static string Folder(ArgumentResult result) => CachedNames.Model(result.Tokens[0].Value);

    private static string? FolderOrNone(ArgumentResult result) => result.Tokens is [{ } token] ? CachedNames.Model(token.Value) : null;

    private static string Rows(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        try
        {
            if (CachedNames.MissingData(text) is not { } missing)
            {
                return CachedNames.Data(text);
            }

            result.AddError(missing);
        }
        catch (InvalidDataException unclear)
        {
            result.AddError(unclear.Message);
        }

        return text;
    }
}
