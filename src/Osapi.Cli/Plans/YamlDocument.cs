using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Osapi.Cli.Plans;

/// <summary>A YAML file as nodes that know where they stand.</summary>
internal sealed class YamlDocument(YamlNode root)
{
    private const long LargestFile = 4 * 1024 * 1024;

    public YamlNode Root => root;

    /// <summary>Reads a file; the document is null when there are problems, or when the file is empty.</summary>
    public static (YamlDocument? Document, IReadOnlyList<PlanProblem> Problems) Load(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
                return (null, [new(1, 1, $"the file is larger than {LargestFile / 1024 / 1024} MiB")]);
            return Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path} cannot be read: {exception.Message}");
        }
    }

    public static (YamlDocument? Document, IReadOnlyList<PlanProblem> Problems) Parse(string text)
    {
        YamlStream stream = [];
        try
        {
            using StringReader reader = new(text);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            return (null, [new(exception.Start.Line, exception.Start.Column, exception.InnerException?.Message ?? exception.Message)]);
        }

        return stream.Documents switch
        {
            [] => (null, []),
            [var document] => (new(document.RootNode), []),
            [_, var second, ..] => (null, [new(second.RootNode.Start.Line, second.RootNode.Start.Column, "a second document starts here; a file holds one")]),
        };
    }

    /// <summary>The text at a path of keys; null when there is none.</summary>
    public string? Text(params ReadOnlySpan<string> keys)
    {
        var node = root;
        foreach (var key in keys)
            if (node is not YamlMappingNode mapping || !mapping.Children.TryGetValue(new YamlScalarNode(key), out node))
                return null;
        return (node as YamlScalarNode)?.Value;
    }
}
