using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Osapi.Operations.Json;
using Osapi.Operations.Sample;

namespace Osapi.Operations.Tests.Json;

/// <summary>
/// Tests with requests that are corrupted in one to four places. A failure prints the seed; CsCheck_Seed=... repeats
/// it.
/// </summary>
public sealed class BinderFuzzTests
{
    private static readonly IReadOnlyList<Operation> Operations = [SampleOperations.Run, SampleOperations.List, SampleOperations.Put, .. OperationCatalog.Default];

    private static readonly string[] Names =
        ["command", "comand", "unit", "args", "timeout", "env", "owner", "name", "id", "mounts", "source", "labels", "vars", "mode", "limit", "all", "zzz", "", "a.b", "Ünï"];

    private static readonly Gen<string> Name = Gen.OneOf(Names);

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf<JsonNode?>(
        Gen.Const(() => (JsonNode?)null),
        Gen.Bool.Select(value => (JsonNode?)value),
        Gen.Int.Select(value => (JsonNode?)value),
        Gen.Long.Select(value => (JsonNode?)value),
        Gen.Int[-5, 400].Select(value => (JsonNode?)value),
        Gen.Double[-2, 2].Select(value => (JsonNode?)value),
        Gen.OneOf("1e400", "-1e999999", "0.1e1", "1.0", "99999999999999999999999999").Select(text => JsonNode.Parse(text)),
        Gen.OneOf("", "raw", "RAW", "word_by_word", "nginx", "a b", "..", "x\n", "\0", "\ud800", "30", "forbidden").Select(text => (JsonNode?)text),
        Gen.String.Select(text => (JsonNode?)text));

    private static readonly Gen<JsonNode?> Node = Gen.Recursive<JsonNode?>((depth, inner) => depth > 3
        ? Scalar
        : Gen.Frequency(
            (6, Scalar),
            (2, inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))),
            (2, Gen.Select(Name, inner).Array[0, 4].Select(members => (JsonNode?)new JsonObject(
                members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone())))))));

    // The place (a walk down the document), the kind, the name and the value.
    private static readonly Gen<(int[] Way, int Kind, string Name, JsonNode? Value)> Mutation =
        Gen.Select(Gen.Int[0, 30].Array[1, 4], Gen.Int[0, 5], Name, Node);

    private static readonly Gen<(Operation Operation, JsonObject Members)> Request =
        Gen.Select(Gen.OneOf([.. Operations]), Gen.Bool, Mutation.Array[0, 4], (operation, sparse, mutations) =>
        {
            var members = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
            if (sparse)
                foreach (var property in operation.RequestInfo.Properties.Where(property => !property.IsRequired))
                    members.Remove(property.Name);
            foreach (var mutation in mutations)
                Mutate(members, mutation);
            return (operation, members);
        });

    [Fact]
    public void Every_request_is_accepted_and_survives_or_is_refused_with_the_same_reasons_on_both_paths()
    {
        var (accepted, refused) = (0, 0);
        Request.Sample(
            sample =>
            {
                var (operation, members) = sample;
                var binding = RequestBinder.Bind(operation.RequestInfo, members);
                Assert.Equal(binding.Value is null, binding.Problems.Count > 0);
                Assert.DoesNotContain(binding.Problems, problem => problem.Message == "the request is malformed");
                Assert.Equal(binding.Problems, Bytes(operation, members.ToJsonString()).Problems);

                Interlocked.Increment(ref binding.Value is null ? ref refused : ref accepted);
                if (binding.Value is { } request)
                {
                    var json = JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestInfo);
                    var again = RequestBinder.Bind(operation.RequestInfo, json);
                    Assert.Empty(again.Problems);
                    Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(again.Value, operation.RequestInfo));
                }

                // An additional unknown member sends the same request down the other path: it must report that, and
                // otherwise the same.
                if (members.ContainsKey("unheard_of") || binding.Problems.Count >= 100)
                    return;
                var spoiled = (JsonObject)members.DeepClone();
                spoiled["unheard_of"] = 1;
                var others = RequestBinder.Bind(operation.RequestInfo, spoiled).Problems;
                // Rules over several members are only checked when nothing else is wrong.
                var overMembers = others.Count == 1 && operation.RequestInfo.Type.IsAssignableTo(typeof(IValidatable))
                    && (Read(operation, members)?.Validate().SequenceEqual(binding.Problems) ?? true);
                Assert.Contains(new Problem("unheard_of", "is unknown"), others);
                Assert.Equal(
                    overMembers ? [] : binding.Problems.Select(problem => problem.ToString()).Order(StringComparer.Ordinal),
                    others.Select(problem => problem.ToString()).Where(problem => problem != "unheard_of is unknown").Order(StringComparer.Ordinal));
            },
            iter: Fuzz.Times(300_000), threads: 2, print: sample => $"{sample.Operation} {sample.Members.ToJsonString()}");

        // Both paths were really used.
        Assert.InRange(accepted, (accepted + refused) / 10, (accepted + refused) / 10 * 9);
    }

    [Fact]
    public void Corrupted_bytes_are_validated_too() =>
        Gen.Select(Request, Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 6]).Sample(
            sample =>
            {
                var json = Encoding.UTF8.GetBytes(sample.Item1.Members.ToJsonString());
                foreach (var (place, value) in sample.Item2)
                    json[place % json.Length] = value;

                var binding = RequestBinder.Bind(sample.Item1.Operation.RequestInfo, json);

                Assert.Equal(binding.Value is null, binding.Problems.Count > 0);
                Assert.DoesNotContain(binding.Problems, problem => problem.Message == "the request is malformed");
            },
            iter: Fuzz.Times(300_000), threads: 2);

    // Null for a request that only the binder reads, such as one with null for an omitted member.
    private static IValidatable? Read(Operation operation, JsonObject members)
    {
        try
        {
            return (IValidatable?)members.Deserialize(operation.RequestInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Binding Bytes(Operation operation, string json) => RequestBinder.Bind(operation.RequestInfo, Encoding.UTF8.GetBytes(json));

    private static void Mutate(JsonObject root, (int[] Way, int Kind, string Name, JsonNode? Value) mutation)
    {
        JsonNode node = root;
        foreach (var step in mutation.Way)
            if ((node switch
            {
                JsonObject { Count: > 0 } members => members.ElementAt(step % members.Count).Value,
                JsonArray { Count: > 0 } elements => elements[step % elements.Count],
                _ => null,
            }) is JsonObject or JsonArray)
                node = node is JsonObject parent ? parent.ElementAt(step % parent.Count).Value! : node[step % ((JsonArray)node).Count]!;

        var place = mutation.Way[0];
        var value = mutation.Value?.DeepClone();
        switch (node, mutation.Kind)
        {
            case (JsonObject { Count: > 0 } members, 0):
                members.Remove(members.ElementAt(place % members.Count).Key);
                break;
            case (JsonObject { Count: > 0 } members, 1 or 2):
                members[members.ElementAt(place % members.Count).Key] = value;
                break;
            case (JsonObject members, _):
                members[mutation.Name] = value;
                break;
            case (JsonArray { Count: > 0 } elements, 0):
                elements.RemoveAt(place % elements.Count);
                break;
            case (JsonArray { Count: > 0 } elements, 1 or 2):
                elements[place % elements.Count] = value;
                break;
            case (JsonArray elements, _):
                elements.Insert(place % (elements.Count + 1), value);
                break;
        }
    }
}
