using System.Buffers;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Controller.Jobs;

/// <summary>The body of a submission, with the operation's request as the bytes in which it came.</summary>
/// <param name="Job">The members of the submission; null when there are problems.</param>
/// <param name="Operation">The operation; null when it is unknown or runs on the controller.</param>
/// <param name="Request">The operation's request.</param>
/// <param name="Problems">The problems of all members but the request.</param>
internal sealed record SubmissionBody(SubmitJob? Job, Operation? Operation, ReadOnlyMemory<byte> Request, IReadOnlyList<Problem> Problems)
{
    private const string RequestMember = "request";

    // What is too deep for a request is refused when it is bound.
    private const int MaxDepth = 1000;

    /// <summary>Parses a body.</summary>
    public static SubmissionBody Parse(ReadOnlyMemory<byte> body)
    {
        ArrayBufferWriter<byte> others = new();
        if (!TrySplit(body.IsEmpty ? "{}"u8.ToArray() : body, others, out var request, out var count))
            return new(null, null, default, [RequestBinder.ParseObject(body.Span).Problem ?? new("", "the request must be a JSON object")]);
        var binding = RequestBinder.Bind(JobOperations.SubmitInfo, others.WrittenMemory);
        List<Problem> problems = [.. binding.Problems];
        if (count > 1)
            problems.Add(new(RequestMember, "must not be given twice"));
        var operation = binding.Value is SubmitJob job ? Find(job.Operation, problems) : null;
        return new(binding.Value as SubmitJob, operation, request, problems);
    }

    /// <summary>Binds the operation's request; its problems have their place in the body.</summary>
    public Binding BindRequest()
    {
        var binding = RequestBinder.Bind(Operation!.RequestInfo, Request);
        return binding with { Problems = [.. binding.Problems.Select(problem => problem.Member.Length == 0 ? problem : problem with { Member = $"{RequestMember}.{problem.Member}" })] };
    }

    /// <summary>Gets the target; null, with the problem, when there is none.</summary>
    public Target? ReadTarget(List<Problem> problems)
    {
        if (Job!.Hosts is { } hosts)
            try
            {
                return Target.OfHosts(hosts);
            }
            catch (FormatException exception)
            {
                problems.Add(new("hosts", $"is wrong: {exception.Message}"));
                return null;
            }

        if (!Target.TryParse(Job.Target, out var target, out var wrong))
            problems.Add(new("", wrong));
        return target;
    }

    private static Operation? Find(string id, List<Problem> problems)
    {
        var catalog = OperationCatalog.Default;
        if (!catalog.TryFind(id, out var operation))
            problems.Add(new("operation", $"'{id}' is unknown{(catalog.Near(id) is { } near ? $"; did you mean '{near}'?" : "")}"));
        else if (operation.RunsOn == RunsOn.Host)
            return operation;
        else
            problems.Add(new("operation", $"{id} runs on the controller and is no job: call {operation.Route}"));
        return null;
    }

    // The request may be large, and is not parsed twice.
    private static bool TrySplit(ReadOnlyMemory<byte> body, IBufferWriter<byte> others, out ReadOnlyMemory<byte> request, out int count)
    {
        (request, count) = (default, 0);
        try
        {
            Utf8JsonReader reader = new(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            using Utf8JsonWriter writer = new(others);
            writer.WriteStartObject();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var value = body[start..(int)reader.BytesConsumed];
                if (name == RequestMember)
                {
                    request = value;
                    count++;
                    continue;
                }

                writer.WritePropertyName(name);
                writer.WriteRawValue(value.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
            // Nothing may follow the object.
            return !reader.Read();
        }
        // A name that is not valid Unicode is an InvalidOperationException.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
