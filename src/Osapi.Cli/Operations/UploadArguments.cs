using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Cli.Operations;

/// <summary>
/// The arguments of an operation that sends a file: <c>osapi file upload PATH [NAME]</c>. The options of the members remain; the name is that of the file by
/// default.
/// </summary>
internal sealed class UploadArguments
{
    private readonly Argument<string?> path;
    private readonly Argument<string?> name;
    private readonly string pathMember;
    private readonly string? nameMember;

    private UploadArguments(string pathMember, string? nameMember, Command command)
    {
        (this.pathMember, this.nameMember) = (pathMember, nameMember);
        path = new(pathMember) { Arity = ArgumentArity.ZeroOrOne, Description = "The local file; the same as --path" };
        name = new(nameMember ?? "name") { Arity = ArgumentArity.ZeroOrOne, Description = "The name in the store; the same as --name; default: the name of the file" };
        command.Arguments.Add(path);
        if (nameMember is not null)
            command.Arguments.Add(name);
    }

    /// <summary>Adds the arguments; returns null for an operation that sends no file.</summary>
    public static UploadArguments? AddTo(Command command, Operation operation) =>
        Member(operation, typeof(LocalFile)) is { } file ? new(file, Member(operation, typeof(ObjectName)), command) : null;

    /// <summary>Returns the values of a member: those of its option, or of its argument.</summary>
    public IReadOnlyList<string> Values(JsonPropertyInfo property, ParseResult result, IReadOnlyList<string> ofOption, Func<string, IReadOnlyList<string>> optionOf, List<string> problems)
    {
        var argument = property.Name == pathMember ? result.GetValue(path) : property.Name == nameMember ? result.GetValue(name) : null;
        if (argument is not null && ofOption.Count > 0)
            problems.Add($"{property.Name} is given twice: as an argument and with {CommandName.Flag(property.Name)}");
        if (argument is not null)
            return [argument];
        // With the option alone, everything is as it was before there were arguments.
        return ofOption.Count == 0 && property.Name == nameMember && optionOf(pathMember).Count == 0 && Path.GetFileName(result.GetValue(path)) is { Length: > 0 } fileName ? [fileName] : ofOption;
    }

    private static string? Member(Operation operation, Type type) => operation.RequestInfo.Properties.FirstOrDefault(property => property.PropertyType == type)?.Name;
}
