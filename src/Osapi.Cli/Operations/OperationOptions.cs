using System.Buffers;
using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Cli.Completion;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Operations;

/// <summary>
/// The members of a request on the command line: those of the path and positional ones as arguments, the rest as options. All take text and none is
/// required by the parser, so that the binder can report all problems at once.
/// </summary>
internal sealed class OperationOptions
{
    private readonly Dictionary<string, Func<ParseResult, IReadOnlyList<string>>> readers = [];
    private readonly Operation operation;
    private readonly UploadArguments? upload;

    public OperationOptions(Operation operation, Command command, XmlDocs docs)
    {
        this.operation = operation;
        upload = UploadArguments.AddTo(command, operation);
        foreach (var property in operation.RequestInfo.Properties)
            if (CommandName.IsArgument(operation, property))
                AddArgument(property, command, docs);
            else
                AddOption(property, command, docs);
    }

    /// <summary>Writes the given members as JSON. A value of a map without a key is added to the problems, in the form of the command line.</summary>
    public ReadOnlyMemory<byte> Read(ParseResult result, List<string> problems)
    {
        ArrayBufferWriter<byte> json = new();
        using Utf8JsonWriter writer = new(json);
        writer.WriteStartObject();
        foreach (var property in operation.RequestInfo.Properties)
            if (ValuesOf(property, result, problems) is { Count: > 0 } values)
            {
                if (IsMap(InfoOf(property)) && values.Where(value => !IsPair(value, values)).ToList() is { Count: > 0 } invalid)
                {
                    problems.AddRange(invalid.Select(value => $"{CommandName.Flag(property.Name)} '{value}' must be key=value"));
                    continue;
                }

                writer.WritePropertyName(property.Name);
                MemberParser.Write(writer, InfoOf(property), operation.Secrets.ContainsKey(property.Name) ? SecretValue.Resolve(CommandName.Flag(property.Name), values, arePairs: !IsText(property), problems) : values);
            }

        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    private IReadOnlyList<string> ValuesOf(JsonPropertyInfo property, ParseResult result, List<string> problems)
    {
        var values = readers[property.Name](result);
        if (IsTime(property))
            values = [.. values.Select(value => RelativeTime.Resolve(value, TimeProvider.System.GetUtcNow()))];
        return upload?.Values(property, result, values, member => readers[member](result), problems) ?? values;
    }

    private static bool IsTime(JsonPropertyInfo property) => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(DateTimeOffset);

    private bool IsText(JsonPropertyInfo property) => property.PropertyType == typeof(string) || ITextConverter.Of(InfoOf(property)) is not null;

    private static bool IsMap(JsonTypeInfo info) => info.Kind == JsonTypeInfoKind.Dictionary || info.Type == typeof(JsonObject);

    // A map can also be given as JSON.
    private static bool IsPair(string value, IReadOnlyList<string> values) =>
        value.IndexOf('=', StringComparison.Ordinal) > 0 || (values.Count == 1 && value.TrimStart().StartsWith('{'));

    private void AddArgument(JsonPropertyInfo property, Command command, XmlDocs docs)
    {
        Argument<string?> argument = new(property.Name) { Arity = ArgumentArity.ZeroOrOne, Description = Description(property, docs) };
        argument.CompletionSources.Add(context => LiveValues.Of(operation, property, context));
        command.Arguments.Add(argument);
        readers[property.Name] = result => result.GetValue(argument) is { } value ? [value] : [];
    }

    private void AddOption(JsonPropertyInfo property, Command command, XmlDocs docs)
    {
        var info = InfoOf(property);
        var description = Description(property, docs);
        var flag = CommandName.Flag(property.Name);
        if ((Nullable.GetUnderlyingType(info.Type) ?? info.Type) == typeof(bool))
        {
            Option<bool?> switchOption = new(flag) { Description = description };
            command.Options.Add(switchOption);
            readers[property.Name] = result => result.GetValue(switchOption) is { } value ? [value ? "true" : "false"] : [];
            return;
        }

        Option option;
        if (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary || info.Type == typeof(JsonObject))
        {
            Option<string[]> many = new(flag);
            readers[property.Name] = result => result.GetValue(many) ?? [];
            option = many;
        }
        else
        {
            Option<string?> one = new(flag);
            readers[property.Name] = result => result.GetValue(one) is { } value ? [value] : [];
            option = one;
        }

        option.Description = description;
        option.HelpName = HelpName(info);
        if ((Nullable.GetUnderlyingType(info.Type) ?? info.Type) is { IsEnum: true } type)
            option.CompletionSources.Add(_ => SnakeCaseName.All(type).Select(name => new CompletionItem(name)));
        else
            option.CompletionSources.Add(context => LiveValues.Of(operation, property, context));
        command.Options.Add(option);
    }

    private static string Description(JsonPropertyInfo property, XmlDocs docs) =>
        (IsTime(property) ? docs.Of(property)?.TrimEnd('.') + RelativeTime.Description : docs.Of(property)) + (property.IsRequired ? " (required)" : "");

    private static string HelpName(JsonTypeInfo info) => info.Kind switch
    {
        JsonTypeInfoKind.Dictionary => "key=value",
        JsonTypeInfoKind.Object => "json",
        _ when info.Type == typeof(JsonObject) => "key=value",
        _ when (Nullable.GetUnderlyingType(info.Type) ?? info.Type) is { IsEnum: true } type => string.Join('|', SnakeCaseName.All(type)),
        _ => "value",
    };

    private JsonTypeInfo InfoOf(JsonPropertyInfo property) => operation.RequestInfo.Options.GetTypeInfo(property.PropertyType);
}
