package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.benchmark.RandomWeights;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Torch;

/** The networks at full size, by the numbers of parameters that their publishers tell. */
class PublishedSizesTest {

	static final String SD1 = "{'cross_attention_dim':768,'attention_head_dim':8}";
	static final String SD2 = "{'cross_attention_dim':1024,'attention_head_dim':[5,10,20,20],'use_linear_projection':true}";
	static final String SDXL = "{'cross_attention_dim':2048,'attention_head_dim':[5,10,20],'use_linear_projection':true,"
		+ "'block_out_channels':[320,640,1280],'down_block_types':['DownBlock2D','CrossAttnDownBlock2D','CrossAttnDownBlock2D'],"
		+ "'up_block_types':['CrossAttnUpBlock2D','CrossAttnUpBlock2D','UpBlock2D'],'transformer_layers_per_block':[1,2,10],"
		+ "'addition_embed_type':'text_time','addition_time_embed_dim':256,'projection_class_embeddings_input_dim':2816}";
	static final String REFINER = "{'cross_attention_dim':1280,'attention_head_dim':[6,12,24,24],'use_linear_projection':true,"
		+ "'block_out_channels':[384,768,1536,1536],'down_block_types':['DownBlock2D','CrossAttnDownBlock2D','CrossAttnDownBlock2D','DownBlock2D'],"
		+ "'up_block_types':['UpBlock2D','CrossAttnUpBlock2D','CrossAttnUpBlock2D','UpBlock2D'],'transformer_layers_per_block':4,"
		+ "'addition_embed_type':'text_time','addition_time_embed_dim':256,'projection_class_embeddings_input_dim':2560}";
	static final String SMALL = "{'cross_attention_dim':768,'attention_head_dim':8,'layers_per_block':1,'block_out_channels':[320,640,1280],"
		+ "'down_block_types':['CrossAttnDownBlock2D','CrossAttnDownBlock2D','CrossAttnDownBlock2D'],"
		+ "'up_block_types':['CrossAttnUpBlock2D','CrossAttnUpBlock2D','CrossAttnUpBlock2D'],'mid_block_type':null}";

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = { SD1 + "|859520964", SD2 + "|865910724", SDXL + "|2567463684", REFINER + "|2259526660", SMALL + "|323384964" })
	void parametersAreAsManyAsPublished(final String json, final long parameters) {
		Torch.prepareThread();
		final JsonObject values = JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject();
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("unet/config.json", values));
		try (UNet2DConditionModel unet = new UNet2DConditionModel(config, new RandomWeights(config, DType.BFLOAT16), DType.BFLOAT16)) {
			assertEquals(parameters, unet.parameterCount());
		}
	}
}
