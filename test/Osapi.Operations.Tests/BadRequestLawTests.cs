using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations.Json;
using Osapi.Tests;

namespace Osapi.Operations.Tests;

/// <summary>Tests of the messages about invalid requests, for every operation of the catalog, including future ones.</summary>
public sealed class BadRequestLawTests
{
    // Members that are content, not a name, a path or a word: any text is valid.
    private static readonly IReadOnlyList<string> Content = ["stdin", "check_content"];

    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Select(operation => operation.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void Every_kind_of_mistake_is_refused_and_the_member_is_named(string id)
    {
        var operation = Find(id);
        foreach (var bad in BadRequests.Of(operation, large: true))
        {
            var binding = RequestBinder.Bind(operation.RequestInfo, bad.Members);

            Assert.Null(binding.Value);
            Assert.NotEmpty(binding.Problems);
            var named = bad.What.Split(' ')[0] is var first && operation.RequestInfo.Properties.Any(property => property.Name == first) ? first : null;
            Assert.True(named is null || binding.Problems.Any(problem => problem.ToString().Contains(named, StringComparison.Ordinal)), $"{bad}: {binding.Text}");
            // The messages are the product's own, and short enough to read even when the request is not.
            Assert.DoesNotMatch(@"System\.|could not be converted|\$\.", binding.Text);
            Assert.All(binding.Problems, problem => Assert.InRange(problem.ToString().Length, 1, 400));
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void All_problems_are_reported_together(string id)
    {
        var operation = Find(id);
        var bad = BadRequests.Everything(operation);

        var problems = RequestBinder.Bind(operation.RequestInfo, bad.Members).Problems.Select(problem => problem.ToString()).ToList();

        Assert.All(operation.RequestInfo.Properties.Where(property => !BadRequests.IsAny(property)), property => Assert.Single(problems, problem => problem.StartsWith($"{property.Name} ", StringComparison.Ordinal)));
        Assert.Single(problems, "unheard_of is unknown");
    }

    [Theory, MemberData(nameof(Ids))]
    public void No_text_but_content_takes_a_NUL(string id)
    {
        var operation = Find(id);
        foreach (var property in operation.RequestInfo.Properties.Where(property => !Content.Contains(property.Name)))
            if (BadRequests.Text(operation, property, "a\0b") is { } value)
            {
                var members = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
                members[property.Name] = value;
                Assert.NotEmpty(RequestBinder.Bind(operation.RequestInfo, members).Problems);
            }
    }

    [Fact]
    public void A_name_in_the_store_cannot_be_a_path_out_of_it()
    {
        foreach (var name in (string[])["../../etc/passwd", "..", "a/../../b", "/etc/passwd", "a//b", "a/", "./a", "a\0", "a\n"])
            Assert.Equal(
                [$"name must be {Text.RuleOf<Files.ObjectName>().Description}"],
                RequestBinder.Bind(Files.FileOperations.Get.RequestInfo, new JsonObject { ["name"] = name }).Problems.Select(problem => problem.ToString()));
    }

    private static Operation Find(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        return operation;
    }
}
